# Part C of the article: Azure CNI with a pod subnet, a second pool, and rules that tell the pools apart.
az group create -n cni -l eastus -o none
az network vnet create -g cni -n whkubenet --address-prefixes 10.1.0.0/16 -l eastus -o none
az network vnet subnet create -g cni -n podvlan --vnet-name whkubenet --address-prefixes 10.1.0.0/22 -o none
az network vnet subnet create -g cni -n nodevlan --vnet-name whkubenet --address-prefixes 10.1.4.0/24 -o none
podvlan=$(az network vnet subnet show -g cni --vnet-name whkubenet -n podvlan -o tsv --query id)
nodevlan=$(az network vnet subnet show -g cni --vnet-name whkubenet -n nodevlan -o tsv --query id)
az extension add --name aks-preview
az extension update --name aks-preview
az feature register --namespace "Microsoft.ContainerService" --name "PodSubnetPreview" -o none
az feature list -o table --query "[?contains(name, 'Microsoft.ContainerService/PodSubnetPreview')].{Name:name,State:properties.state}"
az aks create -n akscni -g cni -l eastus --max-pods 250 --node-count 2 --network-plugin azure --vnet-subnet-id $nodevlan \
  --pod-subnet-id $podvlan --service-cidr 10.2.0.0/24 --dns-service-ip 10.2.0.10 -o none
az aks get-credentials -n akscni -g cni
kubectl create deployment nginx --image nginx
kubectl scale deployment nginx --replicas=5
kubectl get pod -o wide
kubectl get node -o wide
nodename=$(kubectl get node -o jsonpath='{.items[0].metadata.name}')
kubectl debug node/$nodename -it --image=base-ubuntu
cat /host/etc/cni/net.d/10-azure.conflist
cat /host/var/log/azure-vnet.log
ip route
exit
az network vnet subnet create -g cni -n podvlan2 --vnet-name whkubenet --address-prefixes 10.1.8.0/22 -o none
podvlan2=$(az network vnet subnet show -g cni --vnet-name whkubenet -n podvlan2 -o tsv --query id)
az aks nodepool add --cluster-name akscni -g cni -n newnodepool --max-pods 250 --node-count 2 \
  --vnet-subnet-id $nodevlan --pod-subnet-id $podvlan2
kubectl scale deployment nginx --replicas=12
kubectl get nodenetworkconfigs -n kube-system -o wide
az network nsg create -n aksnsg -g cni -l eastus -o none
az network nsg rule create -g cni --nsg-name aksnsg -n icmp_permit --priority 200 --source-address-prefixes 10.1.0.0/22 \
  --destination-address-prefixes 10.1.4.0/24 --access Allow --protocol ICMP --direction Inbound --destination-port-ranges '*' -o none
az network nsg rule create -g cni --nsg-name aksnsg -n icmp_deny --priority 300 --source-address-prefixes 10.1.8.0/22 \
  --destination-address-prefixes 10.1.4.0/24 --access Deny --protocol ICMP --direction Inbound --destination-port-ranges '*' -o none
az network vnet subnet update -n nodevlan --vnet-name whkubenet -g cni --network-security-group aksnsg -o none
first=$(kubectl get pod -o wide | grep nodepool1 | grep vmss000000 | head -1 | awk '{print $1}')
second=$(kubectl get pod -o wide | grep newnodepool | head -1 | awk '{print $1}')
other=$(kubectl get node -o wide | grep nodepool1 | tail -1 | awk '{print $6}')
kubectl exec $first -- ping -c 2 $other
kubectl exec $second -- ping -c 2 $other
